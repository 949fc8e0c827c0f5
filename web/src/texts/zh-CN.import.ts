import intake from '../features/intake/texts/zh-CN.json' with { type: 'json' };

/** What is said where files are imported. */
export default intake;
