import Autograd
import Foundation
import Testing

/// A programmer's error and the message it ends the program with.
struct Trap: Sendable, CustomTestStringConvertible {
    let message: String
    let body: @Sendable () -> Void

    init(_ message: String, _ body: @escaping @Sendable () -> Void) {
        self.message = message
        self.body = body
    }

    var testDescription: String { message }
}

func zeros(_ shape: Int...) -> Tensor { Tensor.zeros(shape) }

/// What a process of its own printed, which the body of an exit test ended.
func errorText(_ result: ExitTest.Result?) -> String {
    String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
}
