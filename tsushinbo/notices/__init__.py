"""Who follows what, and what they are told (お知らせ): the bell, digests by mail."""
