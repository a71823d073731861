/** What a guest does on the host of the firmware, built for this machine with real WAMR. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildFirmware } from '../../scripts/firmware-tests.mjs';
import { scriptText, type Script } from './script.ts';

/** Builds it; each call of the result runs one guest. `bytes` null: the guest that is compiled into the firmware. */
export async function openFirmwareHost(): Promise<(script: Script, bytes: Uint8Array | null) => string> {
  const program = join(await buildFirmware({ target: 'event_log' }), 'guest', 'event_log');
  return (script, bytes) => {
    const folder = mkdtempSync(join(tmpdir(), 'continuum-firmware-'));
    try {
      const scriptPath = join(folder, 'script.txt');
      const modulePath = join(folder, 'guest.wasm');
      writeFileSync(scriptPath, scriptText(script));
      if (bytes) writeFileSync(modulePath, bytes);
      const { status, stdout, stderr } = spawnSync(program, [scriptPath, bytes ? modulePath : 'native'], { encoding: 'utf8' });
      if (status !== 0) throw new Error(`event_log ended with ${status}: ${stderr}`);
      return stdout;
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
}
