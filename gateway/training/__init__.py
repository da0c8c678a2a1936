"""Teaching the reader of customers' texts: the labelled texts, the training and the score."""
