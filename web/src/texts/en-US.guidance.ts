import guidance from '../features/guidance/texts/en-US.json' with { type: 'json' };

/** What is said of guidance alone. */
export default guidance;
