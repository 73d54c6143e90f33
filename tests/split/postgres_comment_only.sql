-- Nothing to do here since the table went away.
/* nothing */
