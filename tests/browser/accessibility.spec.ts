import { expect, test } from '@playwright/test';
import { expectNoSeriousAxe } from './support/axe.ts';
import { inspector, openLab, selectNode } from './support/lab.ts';

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test('axe finds nothing serious on any tab of any tier', async ({ page }) => {
      await openLab(page, 'nodes=3');
      for (const id of ['esp32-1', 'fog', 'cloud']) {
        await selectNode(page, id);
        for (const tab of await inspector(page).getByRole('tab').all()) {
          await tab.click();
          await page.waitForTimeout(150);
          await expectNoSeriousAxe(page, `${id}, ${await tab.textContent()}`);
        }
      }
    });

    test('axe finds nothing serious in the dialogs', async ({ page }) => {
      await openLab(page, 'nodes=3');
      for (const name of [/^Parameters/, /^Calibrate all/, /^Notices/]) {
        await page.getByRole('button', { name }).click();
        await expect(page.getByRole('dialog')).toBeVisible();
        await expectNoSeriousAxe(page, String(name));
        await page.keyboard.press('Escape');
      }
    });

    test('axe finds nothing serious on a phone', async ({ page }) => {
      await page.setViewportSize({ width: 390, height: 844 });
      await openLab(page, 'nodes=3');
      await expectNoSeriousAxe(page, 'phone');
      const widthPx = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(widthPx, 'no sideways scrolling').toBeLessThanOrEqual(390);
    });
  });
}

test('arrow keys move over the topology and the inspector follows', async ({ page }) => {
  await openLab(page, 'nodes=6');
  const list = page.getByRole('listbox');
  await list.focus();
  for (const [key, id] of [
    ['End', 'cloud'],
    ['Home', 'esp32-1'],
    ['ArrowRight', 'esp32-2'],
  ]) {
    await page.keyboard.press(key);
    await expect(inspector(page).getByRole('heading', { name: id, level: 2 })).toBeVisible();
    await expect(list.getByRole('option')).toContainText(id);
  }
});

test('everything can be reached and worked by keyboard', async ({ page }) => {
  await openLab(page, 'nodes=3');
  const reached = new Set<string>();
  for (let presses = 0; presses < 80; presses += 1) {
    await page.keyboard.press('Tab');
    const name = await page.evaluate(() => {
      const element = document.activeElement;
      return `${element?.tagName} ${element?.getAttribute('aria-label') ?? element?.textContent?.trim().slice(0, 30) ?? ''}`;
    });
    reached.add(name);
    if (name.startsWith('BODY')) break;
  }
  const all = [...reached].join('\n');
  for (const wanted of ['Pause', 'Reset', 'Parameters', 'Save the event log', 'Link', 'Notices', 'Colours', 'Calibrate all', 'Overview', 'Actions']) {
    expect(all, `Tab reaches ${wanted}`).toContain(wanted);
  }
  await page.getByRole('button', { name: 'Pause', exact: true }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Run', exact: true })).toBeVisible();
});
