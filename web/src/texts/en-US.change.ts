import change from '../features/change/texts/en-US.json' with { type: 'json' };

/** What is said of who changed at a customer alone. */
export default change;
