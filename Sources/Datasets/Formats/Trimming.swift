extension String {
    /// The text without the blanks around it.
    package var trimmed: String {
        // Most texts have none, and begin and end in ASCII characters.
        if let first = utf8.first, let last = utf8.last, 0x21..<0x7F ~= first,
            0x21..<0x7F ~= last
        {
            return self
        }
        guard let first = firstIndex(where: { !$0.isWhitespace }),
            let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}
