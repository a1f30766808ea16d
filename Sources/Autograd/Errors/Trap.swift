/// Ends the program over a programmer's error in an operation.
///
/// `precondition` loses its message in release builds; this keeps it, and stays out of the
/// way of the fast path.
@inline(never)
func trap(_ operation: StaticString, _ message: String) -> Never {
    fatalError("\(operation): \(message)")
}

/// As `trap(_:_:)`, for the modules built on this one.
@inline(never)
package func programmerError(_ operation: String, _ message: String) -> Never {
    fatalError("\(operation): \(message)")
}
