/** Whose everything is. */
export const account = '000000000000';

/** Where everything is. */
export const region = 'us-east-1';
