-- Another number that the caller wants to be called under; nobody is texted there.
ALTER TABLE leads ADD COLUMN callback_number TEXT;  -- E.164
ALTER TABLE leads ADD COLUMN callback_whose TEXT;   -- "wife", "Dana", as far as it was said
