/** What someone writes to set a board up. Untouched fields follow what the board has; passwords stay in memory alone. */
import type { BoardFacts } from '../../devices/session/board-facts.ts';
import type { ProvisioningForm } from '../../devices/session/provisioning-state.ts';

export type SetupField = 'ssid' | 'wifiPassword' | 'node' | 'root' | 'broker' | 'user' | 'password' | 'ca' | 'keys';

export class SetupDraft {
  #typed = $state<Partial<Record<SetupField, string>>>({});
  readonly #broker: () => string;

  /** @param broker what a board without one is offered */
  constructor(broker: () => string) {
    this.#broker = broker;
  }

  type(field: SetupField, text: string): void {
    this.#typed[field] = text;
  }

  text(field: SetupField, { settings, networks, storedNetworks }: BoardFacts): string {
    const typed = this.#typed[field];
    if (typed !== undefined) return typed;
    switch (field) {
      case 'ssid':
        // A board that knows a network needs no other.
        return (storedNetworks?.length ?? 0) > 0 ? '' : (networks[0]?.ssid ?? '');
      case 'broker':
        return settings?.broker || this.#broker();
      case 'node':
      case 'root':
      case 'user':
      case 'keys':
        return settings?.[field] ?? '';
      default:
        return '';
    }
  }

  /** Only what differs from what the board has. */
  form(facts: BoardFacts): ProvisioningForm {
    const form: ProvisioningForm = {};
    const ssid = this.text('ssid', facts);
    if (ssid !== '') form.wifi = { ssid, password: this.text('wifiPassword', facts) };
    if (facts.settings === null) return form;
    for (const field of ['node', 'root', 'broker', 'user', 'keys'] as const) {
      const text = this.text(field, facts).trim();
      if (text !== facts.settings[field]) form[field] = text;
    }
    for (const field of ['password', 'ca'] as const) {
      const text = this.#typed[field];
      if (text !== undefined && text !== '') form[field] = text;
    }
    return form;
  }

  /** Secrets are not kept once the board has them. */
  sent(): void {
    this.#typed = {};
  }
}
