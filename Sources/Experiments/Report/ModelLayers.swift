import Models

/// The layers of a model that have parameters of their own, by path, with the parameters' shapes.
func layers(of model: any Module) -> [ReportContents.Layer] {
    var layers: [ReportContents.Layer] = []
    for (path, tensor) in model.parameters {
        let components = path.split(separator: ".")
        let owner = components.dropLast().joined(separator: ".")
        if layers.last?.name != owner {
            let kind = kind(of: model, at: components.dropLast())
            layers.append(.init(name: owner, kind: kind, shape: "", parameters: 0))
        }
        let shape = tensor.shape.map(String.init).joined(separator: " × ")
        let separator = layers[layers.count - 1].shape.isEmpty ? "" : " + "
        layers[layers.count - 1].shape += separator + (shape.isEmpty ? "1" : shape)
        layers[layers.count - 1].parameters += tensor.count
    }
    return layers
}

/// The type name of the part at a path, whose components are properties and array indices.
private func kind(of whole: Any, at path: ArraySlice<Substring>) -> String {
    var part = whole
    for component in path {
        guard let next = child(component, of: part) else { return "" }
        part = next
    }
    return "\(type(of: part))".prefix { $0 != "<" }.description
}

/// The part of this name; one in a part whose own name paths leave out, such as what was chosen of
/// several networks, if there is no other.
private func child(_ name: Substring, of part: Any) -> Any? {
    let mirror = Mirror(reflecting: part)
    let isRow = mirror.displayStyle == .collection
    let own = mirror.children.enumerated().first { index, child in
        isRow ? "\(index)" == name : child.label.map { $0 == name } ?? false
    }
    if let own { return own.element.value }
    return mirror.children.lazy.compactMap { $0.value as? any Module }
        .compactMap { child(name, of: $0) }.first
}
