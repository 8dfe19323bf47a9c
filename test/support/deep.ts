// Whether the tests run as `npm run test:deep` runs them: longer, and with all variants.

export const isDeep = process.env['RTWORKQ_DEEP'] === '1';
