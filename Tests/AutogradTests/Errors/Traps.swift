import Autograd
import Foundation
import TestSupport
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
