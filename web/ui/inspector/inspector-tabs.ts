import type { NodeDetail } from '../../sim/snapshot.ts';
import type { Tab } from '../parts/tab.ts';

export const tabIds = ['overview', 'site', 'calibration', 'console', 'messages', 'guest', 'twins', 'twin'] as const;
export type TabId = (typeof tabIds)[number];

/** The tabs that have something to show for this node. */
export function tabsFor(detail: Pick<NodeDetail, 'site' | 'config' | 'twins' | 'sensor' | 'twin'>): (Tab & { id: TabId })[] {
  const tabs: (Tab & { id: TabId })[] = [{ id: 'overview', label: 'Overview' }];
  if (detail.site) {
    const notice = detail.sensor?.fault ? 'sensor fault injected' : undefined;
    tabs.push({ id: 'site', label: 'Site', ...(notice ? { notice } : {}) });
  }
  if (detail.config) tabs.push({ id: 'calibration', label: 'Calibration' });
  if (detail.twin) tabs.push({ id: 'twin', label: 'Twin' });
  if (detail.twins) tabs.push({ id: 'twins', label: 'Twins' });
  tabs.push(
    { id: 'console', label: 'Console' },
    { id: 'messages', label: 'Messages' },
    { id: 'guest', label: 'Guest' },
  );
  return tabs;
}
