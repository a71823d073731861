/** Named sets of link parameters, each with its source. */
export type LinkChoice = string;
