/** The account of all local resources. */
export const account = '000000000000';

/** The region of all local resources. */
export const region = 'us-east-1';
