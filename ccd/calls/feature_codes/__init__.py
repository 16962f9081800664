"""What an agent does from the phone by codes, each answered in words, in the house's language."""
