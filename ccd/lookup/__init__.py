"""Asking the business's own systems (智能路由): bounded in time and size, and left alone while they fail."""
