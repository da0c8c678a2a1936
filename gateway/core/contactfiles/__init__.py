"""Contacts as other programs write them down: CSV of spreadsheets, Outlook and Google, and vCards of telephones."""
