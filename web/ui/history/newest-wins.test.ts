import { expect, test } from 'vitest';
import { NewestWins } from './newest-wins.ts';

function rig() {
  const asked: { question: number; answer: (value: string) => void; fail: (error: Error) => void }[] = [];
  const taken: [string, number][] = [];
  const failed: unknown[] = [];
  const queries = new NewestWins<number, string>(
    (question) => new Promise((answer, fail) => asked.push({ question, answer, fail })),
    (answer, question) => taken.push([answer, question]),
    (error) => failed.push(error),
  );
  return { asked, taken, failed, queries };
}
const settle = () => new Promise((done) => setTimeout(done));

// Else a drag queues up hundreds of queries and the chart trails behind the pointer.
test('one question is under way at a time, and of those that came meanwhile only the newest is asked', async () => {
  const { asked, taken, queries } = rig();
  for (let question = 1; question <= 50; question++) queries.want(question);
  expect(asked.map(({ question }) => question)).toEqual([1]);
  asked[0]!.answer('one');
  await settle();
  expect(asked.map(({ question }) => question)).toEqual([1, 50]);
  asked[1]!.answer('fifty');
  await settle();
  expect(taken).toEqual([['one', 1], ['fifty', 50]]);
});

test('after a failure the next question is asked all the same', async () => {
  const { asked, taken, failed, queries } = rig();
  queries.want(1);
  queries.want(2);
  asked[0]!.fail(new Error('lost'));
  await settle();
  asked[1]!.answer('two');
  await settle();
  expect(failed).toHaveLength(1);
  expect(taken).toEqual([['two', 2]]);
});

test('an answer that comes after closing is not taken and nothing more is asked', async () => {
  const { asked, taken, queries } = rig();
  queries.want(1);
  queries.want(2);
  queries.stop();
  asked[0]!.answer('late');
  await settle();
  expect(taken).toEqual([]);
  expect(asked).toHaveLength(1);
});
