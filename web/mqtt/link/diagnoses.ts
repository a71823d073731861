/** What the ends and refusals of MQTT itself mean, in plain words (MQTT 5, sections 3.2.2.2 and 3.14.2.1). */
import type { BrokerProfile } from './profile.ts';
import type { Diagnosis } from './report.ts';

/** `final`: trying again would not help. */
export interface Verdict {
  problem: Diagnosis;
  final: boolean;
}

/** Codes below 0x80 are those of MQTT 3.1.1. */
export function connackVerdict(code: number, { username, clientId }: BrokerProfile, usedClientId: string): Verdict {
  switch (code) {
    case 2:
    case 0x85:
      return final('client-id', `The broker does not accept the client id ${usedClientId}.`, [
        clientId === '' ? 'Set a client id in the profile that the broker accepts.' : 'Set another client id in the profile, or none.',
      ]);
    case 4:
    case 5:
    case 0x86:
    case 0x87:
      return final(
        'bad-password',
        username === ''
          ? 'The broker wants a user and a password, and this profile has none.'
          : `The broker refused the user ${username} or the password; it does not say which.`,
        [
          'Type user and password again; capitals matter.',
          "On the broker's machine, mosquitto_passwd sets a password anew; Mosquitto reads it after a reload.",
        ],
      );
    case 3:
    case 0x88:
    case 0x89:
      return passing('broker-refused', 'The broker is there but not ready for connections now.', ['Wait a little: it is tried again.']);
    case 0x8a:
      return final('broker-refused', 'The broker has banned this client.', ['Ask who runs the broker.']);
    case 0x8c:
      return final('broker-refused', 'The broker wants a way of authentication that this page does not know.', [
        'Set up a user with a password on the broker.',
      ]);
    case 0x97:
    case 0x9f:
      return passing('broker-refused', 'The broker allows no more connections now.', ['Close other clients, or raise max_connections on the broker.']);
    default:
      return passing('broker-refused', `The broker refused the connection with reason code ${code}.`, [
        "Look into the broker's log for the reason.",
      ]);
  }
}

/** Why a connection that stood has ended. */
export function endVerdict(reasonCode: number | null, overflowed: boolean): Verdict {
  if (overflowed) {
    return passing('lost', 'Messages came faster than this page could take them in, so it broke the connection off.', [
      'Nothing to do: it joins again. Messages at QoS 1 come again, some at QoS 0 are lost.',
    ]);
  }
  switch (reasonCode) {
    case 0x8e:
      return final('taken-over', 'Another client has connected under the same client id, and the broker keeps only the latest.', [
        'Leave the broker in the other page or program first, then join again.',
        'Or give this profile another client id, or none: then each tab chooses its own.',
      ]);
    case 0x8b:
      return passing('lost', 'The broker was shut down.', ['Nothing to do: it is sought until it is back.']);
    case 0x87:
    case 0x98:
      return passing('broker-refused', 'The broker ended the connection by an administrator.', ['Ask who runs the broker.']);
    case 0x95:
      return passing('broker-refused', 'The broker ended the connection: a message was larger than it takes.', [
        'Raise max_packet_size on the broker.',
      ]);
    case null:
      return passing('lost', 'The connection to the broker broke off.', [
        'Nothing to do: it is sought until it is back. If it stays away, look whether the broker runs and the network is there.',
      ]);
    default:
      return passing('lost', `The broker ended the connection with reason code ${reasonCode}.`, ["Look into the broker's log for the reason."]);
  }
}

/** Not every broker says why it ends a connection: Mosquitto 2.0 does not over WebSockets. */
export function cutAgainAndAgain(clientId: string): Diagnosis {
  return {
    kind: 'taken-over',
    sentence: `The connection is cut again and again, seconds after it stood: either another client uses the client id ${clientId} too, or the network or the broker fails.`,
    advice: [
      'Look whether the same profile is joined in another browser or program, and leave the broker there.',
      'Give this profile another client id, or none: then each tab chooses its own.',
      "Look into the broker's log: it says why it ended the connection.",
    ],
  };
}

export function subscribeRefused(filter: string, username: string): Diagnosis {
  return {
    kind: 'not-authorised',
    sentence: `The broker does not let ${who(username)} read ${filter}.`,
    advice: [
      `Give that user the right to read and write ${filter} in the broker's ACL; broker/ has one for labs.`,
      'Or set another topic root in the profile.',
    ],
  };
}

export function publishRefused(topic: string, username: string): Diagnosis {
  return {
    kind: 'not-authorised',
    sentence: `The broker does not let ${who(username)} publish to ${topic}.`,
    advice: ["Give that user the right to write below the topic root in the broker's ACL; broker/ has one for labs."],
  };
}

export function echoMissing(topic: string, username: string, answered: boolean): Diagnosis {
  return {
    kind: 'not-authorised',
    sentence: answered
      ? `What was published to ${topic} did not come back: the broker does not let ${who(username)} read it.`
      : `What was published to ${topic} did not come back: the broker does not let ${who(username)} either publish or read it.`,
    advice: ["Give that user the right to read and write below the topic root in the broker's ACL; broker/ has one for labs."],
  };
}

function who(username: string): string {
  return username === '' ? 'clients without a user' : `the user ${username}`;
}

function final(kind: Diagnosis['kind'], sentence: string, advice: string[]): Verdict {
  return { problem: { kind, sentence, advice }, final: true };
}

function passing(kind: Diagnosis['kind'], sentence: string, advice: string[]): Verdict {
  return { problem: { kind, sentence, advice }, final: false };
}

export function usedInAnotherTab({ clientId }: BrokerProfile): Diagnosis {
  return {
    kind: 'taken-over',
    sentence: `Another tab of this browser is at the broker under the client id ${clientId}.`,
    advice: ['Leave the broker in that tab, or clear the client id in this profile: then each tab chooses its own.'],
  };
}
