import intake from '../features/intake/texts/en-US.json' with { type: 'json' };

/** What is said where files are imported. */
export default intake;
