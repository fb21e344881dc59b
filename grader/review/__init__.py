"""The page on which people grade answers by hand: what students wrote, shown safely, and a server for one machine."""
