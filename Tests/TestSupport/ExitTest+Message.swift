import Testing

/// What a process that an exit test ran wrote on standard error.
public func message(of result: ExitTest.Result?) -> String {
    String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
}
