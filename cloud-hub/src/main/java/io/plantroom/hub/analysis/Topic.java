package io.plantroom.hub.analysis;

/**
 * One kind of question.
 *
 * @param <F> what is found out, as computed
 */
interface Topic<F> {
  Question.Days days();

  F find(Question question);

  /** As the API tells it. */
  Object tell(Question question, F found);

  /** As a file for people. */
  Report report(Question question, F found);
}
