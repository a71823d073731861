import { expect, test, type Page } from '@playwright/test';
import { assemble } from '../guests/assemble.ts';
import { expectNoSeriousAxe } from './support/axe.ts';
import { expectNoErrors, inspector, openLab } from './support/lab.ts';

const FLEET = 'nodes=400&speed=10';

const picture = (page: Page) => page.getByRole('region', { name: 'Topology' });
const surface = (page: Page) => picture(page).getByRole('listbox');
const grid = (page: Page) => page.getByRole('grid', { name: 'Nodes' });
const search = (page: Page) => page.getByLabel('Find nodes by name, state or value');
const heading = (page: Page, id: string) => inspector(page).getByRole('heading', { name: id, level: 2 });

async function openList(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Find among/ }).click();
  await expect(grid(page)).toBeVisible();
}

/** Pixels of a canvas that are painted: 0 ground, 1 cells, 2 marks, 3 messages. */
function paintedPixels(page: Page, layer: number): Promise<number> {
  return picture(page).locator('canvas').nth(layer).evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    let painted = 0;
    for (let i = 3; i < data.length; i += 4) if (data[i]! > 0) painted++;
    return painted;
  });
}

test('a large fleet is one picture and one list, and neither holds an element for each node', async ({ page }) => {
  const noErrors = expectNoErrors(page);
  await openLab(page, FLEET);
  await expect(picture(page)).toContainText('Edge 400');
  await expect.poll(() => paintedPixels(page, 1)).toBeGreaterThan(10_000);
  await openList(page);
  await expect(grid(page)).toHaveAttribute('aria-rowcount', '403');
  expect(await grid(page).getByRole('row').count()).toBeLessThan(60);
  noErrors();
});

test('the list finds by name and value, sorts by a column and is walked by keyboard', async ({ page }) => {
  await openLab(page, FLEET);
  await openList(page);
  await expect(search(page)).toBeFocused();
  await page.keyboard.type('esp32-39');
  await expect(page.getByRole('status').filter({ hasText: 'of 402' })).toHaveText('11 of 402');
  await page.keyboard.press('Enter');
  await expect(heading(page, 'esp32-39')).toBeVisible();

  // Else values move on after they were sorted.
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Run', exact: true })).toBeVisible();
  await search(page).fill('moisture>=0 !fog');
  await grid(page).getByRole('button', { name: 'Moisture' }).click();
  await expect(grid(page).getByRole('columnheader', { name: 'Moisture' })).toHaveAttribute('aria-sort', 'descending');
  const shown = (await grid(page).getByRole('gridcell').filter({ hasText: /^\d+ %$/ }).allTextContents()).map((text) => parseInt(text, 10));
  expect(shown.length).toBeGreaterThan(5);
  expect(shown).toEqual(shown.toSorted((a, b) => b - a));

  await grid(page).getByRole('button', { name: 'Node' }).click();
  await search(page).fill('');
  await search(page).press('ArrowDown');
  await expect(grid(page)).toBeFocused();
  await page.keyboard.press('Home');
  await expect(heading(page, 'cloud')).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await expect(heading(page, 'esp32-1')).toBeVisible();
  await page.keyboard.press('End');
  await expect(heading(page, 'fog')).toBeVisible();
  await page.keyboard.press('x');
  await expect(search(page)).toHaveValue('x');
  await expect(page.getByText('No node matches.')).toBeVisible();
});

test('rows keep their places while somebody points at them', async ({ page }) => {
  await openLab(page, 'nodes=200&speed=300');
  await openList(page);
  await grid(page).getByRole('button', { name: 'Energy' }).click();
  const ids = () => grid(page).getByRole('rowheader').allTextContents();
  await grid(page).hover();
  const held = await ids();
  const before = await grid(page).getByRole('row').nth(1).textContent();
  await expect.poll(() => grid(page).getByRole('row').nth(1).textContent()).not.toBe(before);
  await page.waitForTimeout(1500);
  expect(await ids()).toEqual(held);
});

test('one node without power among hundreds is counted, marked, found, and its reading is called its last', async ({ page }) => {
  await openLab(page, FLEET);
  await openList(page);
  await search(page).fill('esp32-277');
  await search(page).press('Enter');
  await expect(heading(page, 'esp32-277')).toBeVisible();
  await expect(inspector(page)).toContainText(/\d+ %/);
  await inspector(page).getByRole('button', { name: 'Actions' }).click();
  await page.getByRole('menuitem', { name: /^Cut power/ }).click();
  await expect(inspector(page)).toContainText('its last reading, from before it went down');
  await search(page).fill('esp32-1');
  await search(page).press('Enter');
  await page.getByRole('button', { name: /^off 1$/ }).click();
  await expect(search(page)).toHaveValue('off');
  await expect(grid(page).getByRole('rowheader')).toHaveText(['esp32-277']);
  await expect(grid(page)).toContainText(/was \d+ %/);
});

test('zoom by keys, buttons and wheel, drag, and back; a press selects', async ({ page }) => {
  await openLab(page, FLEET);
  const all = page.getByRole('button', { name: 'All of the fleet' });
  await expect(all).toBeDisabled();
  await surface(page).focus();
  await page.keyboard.press('+');
  await expect(all).toBeEnabled();
  await page.keyboard.press('0');
  await expect(all).toBeDisabled();
  await page.keyboard.press('End');
  await expect(heading(page, 'cloud')).toBeVisible();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await expect(heading(page, 'esp32-400')).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(all).toBeEnabled();
  await all.click();
  await expect(all).toBeDisabled();

  const box = (await surface(page).boundingBox())!;
  const [x, y] = [box.x + box.width * 0.3, box.y + box.height * 0.5];
  await page.mouse.move(x, y);
  await page.mouse.wheel(0, -900);
  await expect(all).toBeEnabled();
  await page.mouse.down();
  await page.mouse.move(x + 60, y + 20, { steps: 4 });
  await page.mouse.up();
  await expect(heading(page, 'esp32-400'), 'a drag selects nothing').toBeVisible();
  await page.waitForTimeout(400);
  for (const [dx, dy] of [[0, 0], [9, 9]]) await page.mouse.click(x + dx!, y + dy!, { delay: 30 });
  await expect(heading(page, 'esp32-400')).toBeHidden();
});

test('every metric has a legend with its unit', async ({ page }) => {
  await openLab(page, FLEET);
  const metric = picture(page).getByLabel('Cells show');
  for (const [value, words] of [
    ['energy', /from [\d.]+ (m|k)?J to/],
    ['instructions', /from [\d,.]+ k? ?to/],
    ['moisture', /from 0 % dry to 100 % wet/],
  ] as const) {
    await metric.selectOption(value);
    await expect(picture(page).getByRole('img', { name: words })).toBeVisible();
  }
  await metric.selectOption('state');
  await expect(picture(page)).toContainText(/running 40\d/);
});

test('two hundred nodes that fault at once give one notice', async ({ page }) => {
  await openLab(page, 'nodes=200&speed=1');
  const buffer = Buffer.from(await assemble('trap'));
  await page.getByLabel('Choose a .wasm module').setInputFiles({ name: 'trap.wasm', mimeType: 'application/wasm', buffer });
  await page.getByRole('dialog').getByRole('button', { name: 'On all nodes' }).click();
  const toast = page.locator('.toast');
  await expect(toast).toContainText(/^\d+ nodes: .*abort or panic/);
  await expect(toast).toHaveCount(1);
  await toast.getByRole('button', { name: 'List' }).click();
  const dialog = page.getByRole('dialog', { name: 'Notices' });
  await expect(dialog.getByRole('group')).not.toHaveCount(0);
  expect(await dialog.getByRole('listitem').count()).toBeLessThan(10);
});

test('sizes are offered, and one beyond the limit is refused with a sentence', async ({ page }) => {
  await openLab(page, 'nodes=5');
  await page.getByLabel('Edge nodes').fill('999999');
  await page.getByLabel('Edge nodes').press('Enter');
  await expect(page.getByRole('alert').first()).toContainText('999,999 edge nodes are more than one tab runs; 20,000 are the most.');
  await expect(page.getByLabel('Edge nodes')).toHaveValue('5');
  await page.getByRole('button', { name: 'Sizes' }).click();
  await page.getByRole('menuitem', { name: /^100 / }).click();
  await expect(page.getByLabel('Health')).toContainText('102 of 102');
});

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test('axe finds nothing serious on the picture and the list of a large fleet', async ({ page }) => {
      await openLab(page, FLEET);
      await expectNoSeriousAxe(page, 'picture');
      await openList(page);
      await expect(grid(page).getByRole('row').nth(3)).toBeVisible();
      await expectNoSeriousAxe(page, 'list');
      await search(page).fill('cloud');
      await search(page).press('Enter');
      await inspector(page).getByRole('tab', { name: 'Twins' }).click();
      await expect(inspector(page).getByRole('grid', { name: 'Twins' }).getByRole('row').nth(3)).toBeVisible();
      await expectNoSeriousAxe(page, 'twins');
      await page.setViewportSize({ width: 390, height: 844 });
      await expectNoSeriousAxe(page, 'phone');
      expect(await page.evaluate(() => document.documentElement.scrollWidth), 'no sideways scrolling').toBeLessThanOrEqual(390);
    });
  });
}
