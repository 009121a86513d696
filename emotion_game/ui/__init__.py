"""The toolkit under the screens: window, input, painting, type, colours, words."""
