export const notTheHandler = true;
