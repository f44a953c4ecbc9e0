/** Every digit matches in one place only, so that rejecting a long text takes no longer than accepting one. */
const decimal = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;

/** Whether a text is a number as people and CCSDS 502.0-B write it, without spaces: also +1.5, .5, 5. and 007, which JSON does not allow. */
export const isNumberText = (text: string): boolean => decimal.test(text);
