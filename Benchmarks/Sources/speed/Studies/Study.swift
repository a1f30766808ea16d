/// Questions that a table of workloads does not answer.
enum Study: String, CaseIterable {
    case fusion, growth, overhead, memory

    func run(_ arguments: Arguments) {
    }
}
