"""Clips that make it hard not to jump: dread, silence, and a jump; no blood.

No light flickers faster than three times a second: a rule of broadcasting that protects
people with photosensitive epilepsy (WCAG 2.2, success criterion 2.3.1).
"""
