SELECT E'isn\'t; \\'; SELECT 'c:\temp\'; SELECT e'a'
  'still \' escaped;' -- and
  '\';'; SELECT 'plain'
  'plain\'; SELECT 5;
