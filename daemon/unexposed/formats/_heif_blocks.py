def blocks(buffer, parts):
    return []
