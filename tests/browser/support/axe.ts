/** Accessibility by axe-core: nothing serious on any view. */
import { expect, type Page } from '@playwright/test';
import axe from 'axe-core';

export async function expectNoSeriousAxe(page: Page, view: string): Promise<void> {
  await page.evaluate(axe.source);
  const violations = await page.evaluate(async () => {
    const { axe: injected } = window as unknown as { axe: typeof axe };
    const { violations: found } = await injected.run(document, { resultTypes: ['violations'] });
    return found
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, help, nodes }) => ({ id, help, where: nodes.map(({ target, failureSummary }) => `${target.join(' ')}: ${failureSummary}`) }));
  });
  expect(violations, `axe on ${view}`).toEqual([]);
}
