extension Error {
    /// What a JSON decoder found wrong, in a few words.
    package var explanation: String {
        switch self as? DecodingError {
        case .keyNotFound(let key, _): "no member \(key.stringValue.quoted)"
        case .typeMismatch(_, let context) where !context.codingPath.isEmpty,
            .valueNotFound(_, let context) where !context.codingPath.isEmpty:
            "another value of "
                + context.codingPath.map(\.stringValue).joined(separator: ".").quoted
        case .dataCorrupted(let context) where !context.codingPath.isEmpty:
            context.debugDescription
        default: "other or invalid JSON"
        }
    }
}
