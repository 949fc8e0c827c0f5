import relation from '../features/relation/texts/en-US.json' with { type: 'json' };

/** What is said of how we stand with the people of a deal alone. */
export default relation;
