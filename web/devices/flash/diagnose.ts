/** From a failure to what people read and can do. */
import type { Diagnosis, DiagnosisCause } from '../diagnosis.ts';
import { FlashFailure, textOf } from './flash-failure.ts';

type Words = Pick<Diagnosis, 'what' | 'steps'>;

const tryOtherCable = 'Use another USB cable: many carry power only, and long ones lose data.';
const plugDirectly = 'Plug the board directly into the computer, not into a hub.';
const bootButton =
  'Hold the button BOOT (or IO0, FLASH) on the board down, press EN (or RST) once, choose Connect, and let BOOT go when the connection is made.';
const again = 'Try again: what is written and verified is not written a second time.';

const words: Record<DiagnosisCause, (about: string | null) => Words> = {
  'no-port-chosen': () => ({
    what: 'No board was chosen.',
    steps: ['Plug in the board and choose it in the list of the browser.', tryOtherCable, 'If the list is empty, install the driver of the USB bridge (CP210x or CH340).'],
  }),
  'port-taken': () => ({
    what: 'The port cannot be opened: another program or tab holds it.',
    steps: ['Close serial monitors, IDEs and other tabs that use this board.', 'On Linux, make sure that you may use the port (group dialout).', 'Unplug the board, plug it in again, and try again.'],
  }),
  'port-lost': () => ({
    what: 'The board is gone: its cable was pulled, or it lost its power.',
    steps: ['Plug the board in again.', tryOtherCable, plugDirectly, again],
  }),
  'no-answer': (about) => ({
    what: about === 'download' ? 'The board waits for a flasher but hears nothing of what is sent to it.' : 'The board does not answer.',
    steps: [tryOtherCable, 'Make sure that nothing else is wired to the pins RX, TX, EN and IO0.', bootButton, 'Check that this port is the one of the board.'],
  }),
  'not-in-download-mode': () => ({
    what: 'The board starts its own program instead of the loader, since nothing pulls its pin IO0 low.',
    steps: [bootButton, 'If the board has no such button, connect IO0 to GND while it starts.'],
  }),
  'wrong-chip': () => ({
    what: 'Another board answers now than the one that was connected before.',
    steps: ['Plug in the board with which you began, or connect again to begin with this one.'],
  }),
  'image-broken': (about) => ({ what: about ?? 'The image is damaged.', steps: ['Build or download the image again.'] }),
  'image-too-large': (about) => ({ what: about ?? 'The image does not fit this flash.', steps: ['Choose an image that was built for this flash size.'] }),
  encrypted: () => ({ what: 'The flash of this board is encrypted.', steps: ['Update the board by the way its maker provides.'] }),
  'secure-boot': () => ({
    what: 'This board is locked by its maker (secure boot or secure download mode) and takes no flasher.',
    steps: ['Update the board by the way its maker provides, or use another board.'],
  }),
  garbled: () => ({
    what: 'What arrives is damaged: the line to the board loses or changes bytes.',
    steps: [tryOtherCable, plugDirectly, 'Keep the cable away from motors and power supplies.', again],
  }),
  'slow-bridge': () => ({
    what: 'The USB bridge of the board loses bytes even at low speed.',
    steps: [plugDirectly, tryOtherCable, 'Install the newest driver of the USB bridge (CP210x or CH340).', again],
  }),
  'verify-failed': (about) => ({
    what: `What was written does not stay${about ? ` at ${about}` : ''}: the flash chip is worn or broken there.`,
    steps: ['Erase the whole flash and install again.', 'If it fails at the same place, the board needs a new flash chip: use another board.'],
  }),
  'flash-failed': (about) => ({
    what: `The flash chip refuses to erase or write${about ? ` at ${about}` : ''}.`,
    steps: ['Make sure that nothing else is wired to the pins of the flash (GPIO 6 to 11 on an ESP32).', 'Power the board from a stronger supply, and try again.'],
  }),
  cancelled: (about) => ({
    what: 'You cancelled it.',
    steps: about === 'writing' ? ['Install again before you use the board: what was being written is not whole.'] : [],
  }),
  other: (about) => ({ what: about ?? 'Something failed that this page does not know.', steps: ['Try again.', 'Save the log and attach it to a report.'] }),
};

export function diagnose(error: unknown): Diagnosis {
  const failure = error instanceof FlashFailure ? error : new FlashFailure('other', textOf(error));
  return { cause: failure.why, ...words[failure.why](failure.about), detail: failure.message };
}
