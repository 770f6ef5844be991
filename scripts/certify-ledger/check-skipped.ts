/** The check turned out to need something that it was not given; the message says what. */
export class CheckSkipped extends Error {}
