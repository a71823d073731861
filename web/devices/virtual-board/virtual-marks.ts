/** By these an image or a chip is known for virtual; an image that bears the one goes only to a chip that bears the other. */

/** Ends the version of an app without machine code. */
export const VIRTUAL_VERSION_SUFFIX = '-virtual';

/** Begins the MAC of every virtual board: locally administered, so no real one has it (IEEE 802). */
export const VIRTUAL_MAC_PREFIX = '06:5e:32:';
