import { expect, it } from 'vitest';
import { encodeConfigAck } from '../../protocol/config-ack.ts';
import { answerWords } from './answer-words.ts';

const inForce = { dry: 2600, wet: 1100, threshold: 1700 };

it('tells a refusal from an acceptance: the user would take the old calibration for the new', () => {
  expect(answerWords(encodeConfigAck({ accepted: true, inForce, reason: null }))).toEqual({
    text: 'Accepted: dry 2600, wet 1100, threshold 1700.',
    refused: false,
  });
  expect(answerWords(encodeConfigAck({ accepted: false, inForce, reason: 'Wet is above dry.' }))).toEqual({
    text: 'Refused: Wet is above dry. In force stays dry 2600, wet 1100, threshold 1700.',
    refused: true,
  });
});

it('passes words on as they came: older boards answer in plain text', () => {
  expect(answerWords('Config OK')).toEqual({ text: 'Config OK', refused: false });
  expect(answerWords('Refused: no such key').refused).toBe(true);
});
