import { expect, test, type Page } from '@playwright/test';
import { assemble, foreignGuest, type HostileGuest } from '../guests/assemble.ts';
import { inspector, openLab, openTab, selectNode } from './support/lab.ts';

async function offer(page: Page, name: string, bytes: Uint8Array): Promise<void> {
  const buffer = Buffer.from(bytes);
  await page.getByLabel('Choose a .wasm module').setInputFiles({ name, mimeType: 'application/wasm', buffer });
}

async function runOnSelected(page: Page, name: string, bytes: Uint8Array): Promise<void> {
  await offer(page, name, bytes);
  await page.getByRole('dialog').getByRole('button', { name: /^On esp32-\d+ only/ }).click();
}

test('the guest of all nodes changes to Rust and back', async ({ page }) => {
  await openLab(page);
  await page.getByRole('combobox', { name: /^Guest/ }).selectOption('rust');
  await openTab(page, 'Guest');
  await expect(inspector(page)).toContainText('irrigation-rust.wasm');
  expect(page.url()).toContain('guest=rust');
  await expect(page.getByLabel('Health')).toContainText('14 of 14');
});

test('a module of others runs unmodified on one node, and a reload finds it again', async ({ page }) => {
  await openLab(page, 'nodes=4');
  await selectNode(page, 'esp32-3');
  await runOnSelected(page, 'field.wasm', await foreignGuest());
  await openTab(page, 'Guest');
  await expect(inspector(page)).toContainText('field.wasm');
  await openTab(page, 'Messages');
  await expect(inspector(page)).toContainText('umidade');
  await expect.poll(() => page.url()).toContain('guests=esp32-3:');
  await page.reload();
  await expect(page.getByLabel('Health')).toContainText('6 of 6');
  await selectNode(page, 'esp32-3');
  await openTab(page, 'Guest');
  await expect(inspector(page)).toContainText('field.wasm');
});

const faults: [HostileGuest, RegExp][] = [
  ['endless-loop', /instructions without a pause/],
  ['out-of-bounds', /outside its own memory/],
  ['trap', /abort or panic/],
  ['bad-pointer', /outside the guest's memory/],
  ['deep-recursion', /nested too deeply|without a pause/],
];
for (const [name, reason] of faults) {
  test(`${name} faults its node alone, says why, and the page stays at full speed`, async ({ page }) => {
    await openLab(page, 'nodes=6');
    await runOnSelected(page, `${name}.wasm`, await assemble(name));
    await page.getByRole('button', { name: /^Notices: [1-9]/ }).click();
    await expect(page.getByRole('dialog')).toContainText(reason);
    await page.keyboard.press('Escape');
    await expect(page.getByLabel('Health')).toContainText(/[78] of 8/);
    const longestMs = await page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          let [longest, last, frames] = [0, performance.now(), 0];
          const tick = (nowMs: number): void => {
            longest = Math.max(longest, nowMs - last);
            last = nowMs;
            frames += 1;
            if (frames < 120) requestAnimationFrame(tick);
            else resolve(longest);
          };
          requestAnimationFrame(tick);
        }),
    );
    // A frozen page would show as a gap of seconds; this leaves room for a busy machine.
    expect(longestMs).toBeLessThan(1000);
  });
}

test('what is no guest is refused with a sentence, and nothing changes', async ({ page }) => {
  await openLab(page, 'nodes=3');
  const bad: [string, Uint8Array, RegExp][] = [
    ['missiles.wasm', await assemble('unknown-import'), /launch_missiles/],
    ['cut.wasm', (await foreignGuest()).slice(0, 700), /cut\.wasm/],
    ['notes.wasm', new TextEncoder().encode('this is only text'), /text file/],
    ['empty.wasm', new Uint8Array(), /empty/],
  ];
  for (const [name, bytes, sentence] of bad) {
    await offer(page, name, bytes);
    const alert = page.getByRole('alert').first();
    await expect(alert).toContainText(sentence);
    await alert.getByRole('button', { name: 'Dismiss' }).click();
  }
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(page.getByLabel('Health')).toContainText('5 of 5');
});

test('a file dropped on the page is offered', async ({ page }) => {
  await openLab(page, 'nodes=3');
  const bytes = [...(await foreignGuest())];
  await page.evaluate((content) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([new Uint8Array(content)], 'dropped.wasm'));
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
  }, bytes);
  await expect(page.getByRole('dialog')).toContainText('dropped.wasm');
  await page.getByRole('dialog').getByRole('button', { name: 'On all nodes' }).click();
  await expect(inspector(page)).toContainText(/Running/i);
});
