-- syncline: foreign-keys=off
VACUUM;
