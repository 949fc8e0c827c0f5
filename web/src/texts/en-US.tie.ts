import tie from '../features/tie/texts/en-US.json' with { type: 'json' };

/** What is said of who knows whom alone. */
export default tie;
