/** Every digit can belong to one place only, so that refusing a long text takes no longer than accepting one. */
const decimal = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;

/** Whether a text is a number as people and CCSDS 502.0-B write them: also +1.5, .5, 5. and 007, which JSON has not. Without space around it. */
export const isNumberText = (text: string): boolean => decimal.test(text);
