import competitor from '../features/competitor/texts/en-US.json' with { type: 'json' };

/** What is said of competitors alone. */
export default competitor;
