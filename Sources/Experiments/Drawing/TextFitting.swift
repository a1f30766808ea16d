/// Fits texts into a width.
extension Surface {
    /// A text, truncated with an ellipsis if it is too wide.
    func fitted(_ text: String, width: Double, size: Double) -> String {
        guard self.width(of: text, size: size) > width else { return text }
        var kept = text
        while !kept.isEmpty, self.width(of: kept + "…", size: size) > width { kept.removeLast() }
        return kept + "…"
    }

    /// A text wrapped at its words. A word that is too wide is truncated.
    func wrapped(_ text: String, width: Double, size: Double) -> [String] {
        var lines: [String] = []
        for word in text.split(separator: " ") {
            if let last = lines.last, self.width(of: "\(last) \(word)", size: size) <= width {
                lines[lines.count - 1] = "\(last) \(word)"
            } else {
                lines.append(fitted(String(word), width: width, size: size))
            }
        }
        return lines
    }
}
