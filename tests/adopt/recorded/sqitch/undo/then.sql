DROP TABLE public.pets;
DELETE FROM sqitch.changes WHERE change = 'pets';
