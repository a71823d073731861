/** What chip it is, read from its eFuses and registers. */
import { UnsupportedCommandError, type ESPLoader } from 'esptool-js';
import { familyOf } from '../../image/chip-names.ts';
import type { ChipFacts } from '../flash-state.ts';
import { NoAnswer } from './board-transport.ts';

/** An answer has no checksum, so on a bad line a wrong one can look right: two readings must agree. */
const mostReadings = 4;

/** Without flash size and id, which only the stub reads well. */
export async function readChipFacts(loader: ESPLoader): Promise<ChipFacts> {
  let last = '';
  for (let reading = 0; reading < mostReadings; reading++) {
    const facts = await readOnce(loader);
    const text = JSON.stringify(facts);
    if (text === last) return facts;
    last = text;
  }
  throw new NoAnswer('The chip tells something else each time it is asked what it is.');
}

/** As `0x16` in `DETECTED_FLASH_SIZES` of the library: `4MB`. */
export function flashBytesOf(loader: ESPLoader, flashId: number): number | null {
  const text = loader.DETECTED_FLASH_SIZES[(flashId >> 16) & 0xff];
  if (!text) return null;
  return Number.parseInt(text) * (text.endsWith('MB') ? 1024 * 1024 : 1024);
}

async function readOnce(loader: ESPLoader): Promise<ChipFacts> {
  const { chip } = loader;
  const familyName = chip.CHIP_NAME;
  const base = { familyName, family: familyOf(familyName), flashBytes: null, flashId: null };
  if (loader.secureDownloadMode) {
    // In this mode the ROM reads no registers for anybody.
    return { ...base, description: familyName, revision: '', features: [], crystalMhz: null, mac: '', ...(await readProtection(loader)) };
  }
  const [description = familyName, revision = ''] = splitRevision(await chip.getChipDescription(loader));
  return {
    ...base,
    description,
    revision,
    features: (await chip.getChipFeatures(loader)).map((feature) => feature.trim()),
    crystalMhz: await chip.getCrystalFreq(loader),
    mac: await chip.readMac(loader),
    ...(await readProtection(loader)),
  };
}

function splitRevision(text: string): string[] {
  const match = /^(.*?)\s*\(revision v?([\d.]+)\)/.exec(text);
  return match ? [match[1]!, `v${match[2]}`] : [text];
}

async function readProtection(loader: ESPLoader): Promise<Pick<ChipFacts, 'secureBoot' | 'flashEncryption'>> {
  const { CHIP_NAME: name } = loader.chip;
  if (name === 'ESP32') return readEsp32Protection(loader);
  if (name === 'ESP8266') return { secureBoot: false, flashEncryption: false };
  try {
    const info = await loader.getSecurityInfo(false);
    return { secureBoot: info.parsedFlags.SECURE_BOOT_EN, flashEncryption: isOdd(info.flashCryptCnt) };
  } catch (error) {
    if (error instanceof UnsupportedCommandError) return { secureBoot: null, flashEncryption: null };
    throw error;
  }
}

/** ESP32 Technical Reference Manual, eFuse controller: block 0, words 0 and 6. */
async function readEsp32Protection(loader: ESPLoader): Promise<Pick<ChipFacts, 'secureBoot' | 'flashEncryption'>> {
  const efuses = 0x3ff5a000;
  const word0 = await loader.readReg(efuses);
  const word6 = await loader.readReg(efuses + 0x18);
  const absDone0 = 1 << 4;
  const absDone1 = 1 << 5;
  return { secureBoot: (word6 & (absDone0 | absDone1)) !== 0, flashEncryption: isOdd((word0 >>> 20) & 0x7f) };
}

/** Encryption is on when an odd number of the counter's bits is burnt. */
function isOdd(count: number): boolean {
  let bits = 0;
  for (let rest = count; rest !== 0; rest >>>= 1) bits += rest & 1;
  return bits % 2 === 1;
}
