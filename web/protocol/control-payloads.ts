/** Payloads of remote control: new guests, requests and their answers. Apart, because the first screen does without them. */
export { checkGuestName, encodeGuestOffer, parseGuestOffer, signedText, type GuestOffer } from './guest-offer.ts';
export { encodeGuestState, isFinal, parseGuestState, type GuestState, type ReportedPhase, type UpdatePhase } from './guest-state.ts';
export { commandNames, encodeCommand, parseCommand, type Command, type CommandName } from './command.ts';
export { encodeReply, parseReply, type Bench, type Reply } from './reply.ts';
