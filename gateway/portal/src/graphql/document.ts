/** A trusted document: the gateway knows its text by this id. The types are those of its answer and variables. */
export type TypedDocument<Answer, Variables> = {
  readonly id: string;
  readonly __types?: (variables: Variables) => Answer;
};
